"""Opens timelines in headless Chromium and reads event logs on its own account."""
