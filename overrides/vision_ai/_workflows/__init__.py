"""What people do with a module, each made of several calls. Written once for both clients.

feedback   the clerk's choice
learn      teach a product
backup     make a backup and download it
backup_content  what cannot be a whole backup
restore    upload a backup and wait until it is applied
restart    restart, and wait until the module is ready
watch      report what changes on the pan and with the connection
pan_state  what lies on the pan, by several readings
polling    ask for a task's status until it is over
reporter   report progress
"""
