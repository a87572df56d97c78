package addr

// Well-known ports; zero asks the kernel for one. They are a convenience for
// people: readers take URLs from the manifest.
const (
	DataStoragePort = 8089
	HolmesGPTPort   = 30120
	MockLLMPort     = 0
)
