"""What is particular to this device's protocol, one module for each quirk, with its number in the readings.

field_aliases    A1        fields with two names
restore_path     A3        two paths of the restore
restore_form     A4        the form's part without a name
json_leniency    A6, A15   trailing commas, padding, charsets
list_shapes      A7, A21   lists that come as something else
task_status      A12, A17  when a backup or a restore is over, and whether a restore succeeded
"""
