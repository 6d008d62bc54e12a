# A picture, and a product from its first template to its deletion, with V2 of the API:
# ruby -I build/client_v2/lib quickstart_v2.rb http://127.0.0.1:8172
require 'vision_ai_client_v2'
require_relative 'responses'

ID = '001'.freeze
PICTURE = 'build/pan.jpg'.freeze

def connect(url)
  # libcurl uses the proxy of the environment, which cannot reach a module on USB.
  Typhoeus.before { |request| request.options[:proxy] = '' }
  configuration = VisionAIV2::Configuration.new
  configuration.host = url.delete_prefix('http://')
  configuration.scheme = 'http'
  configuration.ignore_operation_servers = true # else the first server of the document
  configuration.timeout = 30 # seconds; there is no timeout by default
  configuration.temp_folder_path = 'build'
  configuration.logger.level = Logger::WARN
  VisionAIV2::ApiClient.new(configuration)
end

def show_device(client)
  info = read_data(VisionAIV2::DeviceApi.new(client).get_device_info)
  # The contract has no type for sn, because its values were not seen.
  puts "device: firmware #{info.firmware}, serial number #{info.sn}"
end

def take_picture(client)
  jpeg = read_bytes(VisionAIV2::CameraApi.new(client).get_image)
  unless jpeg.start_with?("\xFF\xD8\xFF".b) && jpeg.end_with?("\xFF\xD9".b)
    raise "#{jpeg.bytesize} bytes that are not a complete JPEG"
  end

  File.binwrite(PICTURE, jpeg)
  puts "picture: #{jpeg.bytesize} bytes, #{PICTURE}"
end

def teach(client)
  items = VisionAIV2::ItemsApi.new(client)
  sid = read_data(items.add_item_template(VisionAIV2::AddItemTemplateRequest.new(id: ID))).sid
  entries = read_data(items.get_item_template_list(VisionAIV2::GetItemTemplateListRequest.new(id: ID)))
  templates = entries - ['center'] # no template (B3)
  raise "the template #{sid} is not among #{templates}" unless templates.include?(sid)

  puts "teaching: template #{sid}, #{templates.size} of product #{ID}"
  sid
end

def recognize(client)
  result = read_data(VisionAIV2::RecognitionApi.new(client).get_result)
  guess = result.items.find { |each| each.id == ID } or raise "#{ID} is not among the guesses #{result.items}"
  puts format('recognition: product %<id>s, score %<score>.2f', id: ID, score: guess.score)
end

def delete_template(client, sid)
  template = VisionAIV2::DeleteItemTemplateRequest.new(id: ID, sid: sid)
  check(VisionAIV2::ItemsApi.new(client).delete_item_template(template))
  puts "deletion: template #{sid}"
end

def cause_error(client)
  area = VisionAIV2::SetCalibRequest.new(left: 640, top: 0, width: 1280, height: 720)
  check(VisionAIV2::CalibrationApi.new(client).set_calib(area))
  raise 'an area beyond the picture was accepted'
rescue DeviceError => e
  raise unless e.code == VisionAIV2::ErrorCode::PARAMETER_ERROR

  puts "error: #{e.code} for an area beyond the picture"
end

abort 'usage: ruby -I build/client_v2/lib quickstart_v2.rb URL' unless ARGV.length == 1
client = connect(ARGV[0])
$stdout.sync = true
show_device(client)
take_picture(client)
sid = teach(client)
recognize(client)
delete_template(client, sid)
cause_error(client)
