"""The Debian package, as dpkg-buildpackage reads it. `make deb` copies this folder beside the exported tree.

The modules run while the package is built, inside the root of the release.
"""
