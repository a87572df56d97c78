"""Models of the contract (generated) and the bodies' validation by hand."""
