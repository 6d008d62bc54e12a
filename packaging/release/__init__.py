"""Make a release from a clean tree: `make release`.

`source` checks and exports the tree, `artifacts` builds the sdist and the wheel twice and checks what is in them, `api`
compares the public names with the last release, `changelog` cuts the version's section, `sbom` lists what is installed
with the wheel. Everything lands in dist/, with its checksums.
"""
