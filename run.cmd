@echo off
rem Same as ./run: needs Python 3.11 or newer with the py launcher, nothing else.
setlocal
set PYTHONUTF8=1
py -3.11 -c "" >nul 2>nul
if errorlevel 1 (py -3 "%~dp0tools\bootstrap.py" %*) else (py -3.11 "%~dp0tools\bootstrap.py" %*)
exit /b %ERRORLEVEL%
