# All operations of a terminal, once: ruby -I build/client/lib quickstart.rb http://127.0.0.1:8172
require 'vision_ai_client'
require_relative 'responses'

ID = '001'.freeze
NAME = 'Apple'.freeze
PICTURE = 'build/pan.jpg'.freeze
BACKUP = 'build/backup.evo'.freeze

def connect(url)
  # libcurl uses the proxy of the environment, which cannot reach a module on USB.
  Typhoeus.before { |request| request.options[:proxy] = '' }
  configuration = VisionAI::Configuration.new
  configuration.host = url.delete_prefix('http://')
  configuration.scheme = 'http'
  configuration.ignore_operation_servers = true # else the first server of the document
  configuration.timeout = 30 # seconds; there is no timeout by default
  configuration.temp_folder_path = 'build'
  configuration.logger.level = Logger::WARN
  VisionAI::ApiClient.new(configuration)
end

def show_device(client)
  info = read_data(VisionAI::DeviceApi.new(client).get_device_info)
  puts "device: firmware #{info.firmware}, serial number #{info.sn}"
end

def take_picture(client)
  jpeg = read_bytes(VisionAI::CameraApi.new(client).get_image)
  unless jpeg.start_with?("\xFF\xD8\xFF".b) && jpeg.end_with?("\xFF\xD9".b)
    raise "#{jpeg.bytesize} bytes that are not a complete JPEG"
  end

  File.binwrite(PICTURE, jpeg)
  puts "picture: #{jpeg.bytesize} bytes, #{PICTURE}"
end

def calibrate(client)
  api = VisionAI::CalibrationApi.new(client)
  pan = { left: 444, top: 39, width: 348, height: 482 }
  check(api.set_calib(VisionAI::SetCalibRequest.new(pan)))
  area = read_data(api.get_calib)
  raise "the module returned another area: #{area}" unless area.to_hash == pan

  puts "calibration: #{area.width} x #{area.height} pixels at #{area.left}, #{area.top}"
end

def recognize(client)
  items = VisionAI::ItemsApi.new(client)
  check(items.register_item(VisionAI::RegisterItemRequest.new(id: ID, name: NAME)))
  check(items.commit_registered_item(VisionAI::CommitRegisteredItemRequest.new(id: ID)))

  api = VisionAI::RecognitionApi.new(client)
  result = read_data(api.get_result)
  guess = result.items.find { |each| each.id == ID } or raise "#{NAME} is not among the guesses #{result.items}"

  choice = { sid: result.sid, id: ID, name: NAME, intop: true }
  check(api.result_feedback(VisionAI::ResultFeedbackRequest.new(choice)))
  puts format('recognition: %<name>s, %<percent>.0f %%', name: NAME, percent: 100 * guess.score)
end

def back_up(client)
  api = VisionAI::BackupApi.new(client)
  check(api.start_backup)
  status = check(api.get_backup_status)
  # Use the rule, not the list of numbers: newer firmware may have more of them (A12).
  while status.status != 0 && status.status < 3
    sleep 1
    status = check(api.get_backup_status)
  end
  raise "the backup ended with status #{status.status}" unless status.status == 3

  content = read_bytes(api.download_backup(status.filename))
  File.binwrite(BACKUP, content)
  puts "backup: #{content.bytesize} bytes, #{BACKUP}"
end

def restore(client)
  api = VisionAI::BackupApi.new(client)
  check(api.start_restore(File.new(BACKUP)))
  status = check(api.get_restore_status)
  while status.status != 0 && status.status < 4
    sleep 1
    status = check(api.get_restore_status)
  end
  raise "the restore ended with status #{status.status}" unless status.status == 4

  puts 'restore: the module restored the backup'
end

def cause_error(client)
  product = VisionAI::CommitRegisteredItemRequest.new(id: 'no such product')
  check(VisionAI::ItemsApi.new(client).commit_registered_item(product))
  raise 'a product that is not registered was committed'
rescue DeviceError => e
  raise unless e.code == VisionAI::ErrorCode::FILE_NOT_FOUND

  puts "error: #{e.code} for a product that is not registered"
end

abort 'usage: ruby -I build/client/lib quickstart.rb URL' unless ARGV.length == 1
client = connect(ARGV[0])
$stdout.sync = true
%i[show_device take_picture calibrate recognize back_up restore cause_error].each { |step| send(step, client) }
