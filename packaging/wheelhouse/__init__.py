"""Bundle wheels for computers without a network: `make wheelhouse PLATFORM=win_amd64`.

`targets` describes the platforms, `pins` chooses what has to be installed there, `bundle` downloads it and makes the
folder and the archive. `contents/` has the files that every bundle contains.
"""
