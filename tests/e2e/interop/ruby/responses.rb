require 'json'

# An error that the module returned. Its HTTP status is 200 too; only the code differs.
class DeviceError < StandardError
  attr_reader :code

  def initialize(code)
    super("the module returned code #{code}")
    @code = code
  end
end

# Check the code of a response.
def check(response)
  raise DeviceError, response.code unless response.code.zero?

  response
end

# Check the code of a response, and return its data.
def read_data(response)
  check(response).data or raise 'the module returned a success without data'
end

# Read a binary response from its temporary file. It can be a JSON error instead (A10).
def read_bytes(file)
  body = File.binread(file.path)
  file.unlink
  code = body.start_with?('{') ? code_of(body) : 0
  raise DeviceError, code unless code.zero?

  body
end

def code_of(body)
  JSON.parse(body)['code'] || 0
rescue JSON::ParserError
  0
end
