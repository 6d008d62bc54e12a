"""What the center shows to other programs, and what it calls attention to.

fleet_state.py   what metrics and alerts are made of
metrics.py       Prometheus metrics (engine_figures.py: the engine's own)
alert_rules.py   the rules
alert_monitor.py raises and clears alerts (alerts.py)
webhooks.py      posts of alerts and of rollouts that ended (webhook_file.py: who gets them)
grafana/dashboard.json, prometheus/alerts.yml   for Grafana and Prometheus
"""
