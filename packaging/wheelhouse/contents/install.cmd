@echo off
rem Installs the wheels of this folder: install.cmd [FOLDER]. The variable PYTHON names another Python.
setlocal
if not defined PYTHON set PYTHON=py -{python}
%PYTHON% "%~dp0install.py" %*
set status=%errorlevel%
rem A window that was opened by a double click stays open.
if "%~1"=="" pause
exit /b %status%
