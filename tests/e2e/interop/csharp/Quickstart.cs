// All operations of a terminal, once: mono build/quickstart.exe http://127.0.0.1:8172
using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using VisionAi;

class Quickstart
{
    const string Id = "001";
    const string Name = "Apple";
    const string Picture = "build/pan.jpg";
    const string Backup = "build/backup.evo";

    readonly VisionAiClient module;

    static int Main(string[] arguments)
    {
        var isV2 = arguments.Length == 2 && arguments[1] == "v2";
        if (arguments.Length != 1 && !isV2)
        {
            Console.Error.WriteLine("usage: mono build/quickstart.exe URL [v2]");
            return 2;
        }
        // The module connects over USB, so a proxy of the environment cannot reach it.
        var http = new HttpClient(new HttpClientHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
        var url = arguments[0];
        var run = isV2 ? new QuickstartV2(http, url).Run() : new Quickstart(http, url).Run();
        run.GetAwaiter().GetResult();
        return 0;
    }

    Quickstart(HttpClient http, string url)
    {
        module = new VisionAiClient(http) { BaseUrl = url };
    }

    async Task Run()
    {
        await ShowDevice();
        await TakePicture();
        await Calibrate();
        await Recognize();
        await BackUp();
        await Restore();
        await CauseError();
    }

    async Task ShowDevice()
    {
        var response = await module.GetDeviceInfoAsync();
        var info = Responses.ReadData(response.Code, response.Data);
        Console.WriteLine($"device: firmware {info.Firmware}, serial number {info.Sn}");
    }

    async Task TakePicture()
    {
        byte[] jpeg;
        using (var response = await module.GetImageAsync())
            jpeg = await Responses.ReadBytes(response.Stream);
        if (!jpeg.Take(3).SequenceEqual(new byte[] { 0xFF, 0xD8, 0xFF }) || jpeg[jpeg.Length - 1] != 0xD9)
            throw new InvalidDataException($"{jpeg.Length} bytes that are not a complete JPEG");
        File.WriteAllBytes(Picture, jpeg);
        Console.WriteLine($"picture: {jpeg.Length} bytes, {Picture}");
    }

    async Task Calibrate()
    {
        var pan = new SetCalibRequest { Left = 444, Top = 39, Width = 348, Height = 482 };
        Responses.Check((await module.SetCalibAsync(pan)).Code);
        var response = await module.GetCalibAsync();
        var area = Responses.ReadData(response.Code, response.Data);
        if (area.Left != pan.Left || area.Top != pan.Top || area.Width != pan.Width || area.Height != pan.Height)
            throw new InvalidDataException("the module returned another area");
        Console.WriteLine($"calibration: {area.Width} x {area.Height} pixels at {area.Left}, {area.Top}");
    }

    async Task Recognize()
    {
        Responses.Check((await module.RegisterItemAsync(new RegisterItemRequest { Id = Id, Name = Name })).Code);
        Responses.Check((await module.CommitRegisteredItemAsync(new CommitRegisteredItemRequest { Id = Id })).Code);

        var response = await module.GetResultAsync();
        var result = Responses.ReadData(response.Code, response.Data);
        var guess = result.Items.FirstOrDefault(each => each.Id == Id)
            ?? throw new InvalidDataException($"{Name} is not among the guesses");

        var choice = new ResultFeedbackRequest { Sid = result.Sid, Id = Id, Name = Name, Intop = true };
        Responses.Check((await module.ResultFeedbackAsync(choice)).Code);
        Console.WriteLine($"recognition: {Name}, {100 * guess.Score:F0} %");
    }

    async Task BackUp()
    {
        Responses.Check((await module.StartBackupAsync()).Code);
        var status = await module.GetBackupStatusAsync();
        Responses.Check(status.Code);
        // Use the rule, not the list of numbers: newer firmware may have more of them (A12).
        while (status.Status != 0 && status.Status < 3)
        {
            await Task.Delay(1000);
            status = await module.GetBackupStatusAsync();
            Responses.Check(status.Code);
        }
        if (status.Status != 3) throw new InvalidDataException($"the backup ended with status {status.Status}");
        byte[] content;
        using (var response = await module.DownloadBackupAsync(status.Filename))
            content = await Responses.ReadBytes(response.Stream);
        File.WriteAllBytes(Backup, content);
        Console.WriteLine($"backup: {content.Length} bytes, {Backup}");
    }

    async Task Restore()
    {
        using (var file = File.OpenRead(Backup))
            Responses.Check((await module.StartRestoreAsync(new FileParameter(file, "backup.evo"))).Code);
        var status = await module.GetRestoreStatusAsync();
        Responses.Check(status.Code);
        while (status.Status != 0 && status.Status < 4)
        {
            await Task.Delay(1000);
            status = await module.GetRestoreStatusAsync();
            Responses.Check(status.Code);
        }
        if (status.Status != 4) throw new InvalidDataException($"the restore ended with status {status.Status}");
        Console.WriteLine("restore: the module restored the backup");
    }

    async Task CauseError()
    {
        try
        {
            var product = new CommitRegisteredItemRequest { Id = "no such product" };
            Responses.Check((await module.CommitRegisteredItemAsync(product)).Code);
        }
        catch (DeviceException error) when (error.Code == (int)ErrorCode.FILE_NOT_FOUND)
        {
            Console.WriteLine($"error: {error.Code} for a product that is not registered");
            return;
        }
        throw new InvalidDataException("a product that is not registered was committed");
    }
}
