"""One call, from its arguments to its result.

pipeline       the path of a call: arguments → request → transport → response → result, with retries
arguments      checks a call's arguments against the contract
request        operation and arguments → request
response       response → result or DeviceError
retry          when a lost call is repeated
error_mapping  failures of a transport → the SDK's errors
hooks          the log and `on_call`
"""
