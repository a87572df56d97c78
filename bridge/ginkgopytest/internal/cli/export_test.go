package cli

// Names are those of the sub-commands that are written here.
func Names() []string {
	var names []string
	for _, sub := range command().Commands() {
		names = append(names, sub.Name())
	}
	return names
}
