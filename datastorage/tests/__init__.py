"""Tests of the service; a package, so that this folder does not hide `datastorage`."""
