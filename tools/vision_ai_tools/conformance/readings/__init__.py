"""How the observations decide each reading (A1 …)."""
