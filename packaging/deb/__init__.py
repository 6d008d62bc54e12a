"""Build the Debian packages: `make deb`. How they are built is in ../debian, as dpkg-buildpackage reads it.

`systems` makes root folders with Debian, also of other architectures; `build` builds in one of them.
"""
