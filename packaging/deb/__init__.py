"""Build the Debian packages: `make deb`. How they are built is in ../debian and ../debian-nats, for dpkg-buildpackage.

`systems` makes root folders with Debian, also of other architectures; `sources` makes the source trees; `__main__`
builds them in one of the root folders.
"""
