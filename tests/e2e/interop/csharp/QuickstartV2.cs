// A picture, and a product from its first template to its deletion, with V2 of the API:
// mono build/quickstart.exe http://127.0.0.1:8172 v2
using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using VisionAiV2;

class QuickstartV2
{
    const string Id = "001";
    const string Picture = "build/pan.jpg";

    readonly VisionAiClientV2 module;

    public QuickstartV2(HttpClient http, string url)
    {
        module = new VisionAiClientV2(http) { BaseUrl = url };
    }

    public async Task Run()
    {
        await ShowDevice();
        await TakePicture();
        var sid = await Teach();
        await Recognize();
        await DeleteTemplate(sid);
        await CauseError();
    }

    async Task ShowDevice()
    {
        var response = await module.GetDeviceInfoAsync();
        var info = Responses.ReadData(response.Code, response.Data);
        // The serial number is an object, because its values were not seen.
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

    async Task<string> Teach()
    {
        var added = await module.AddItemTemplateAsync(new AddItemTemplateRequest { Id = Id });
        var sid = Responses.ReadData(added.Code, added.Data).Sid;
        var response = await module.GetItemTemplateListAsync(new GetItemTemplateListRequest { Id = Id });
        // This entry is no template (B3).
        var templates = Responses.ReadData(response.Code, response.Data).Where(each => each != "center").ToList();
        if (!templates.Contains(sid)) throw new InvalidDataException($"the template {sid} is not in the list");
        Console.WriteLine($"teaching: template {sid}, {templates.Count} of product {Id}");
        return sid;
    }

    async Task Recognize()
    {
        var response = await module.GetResultAsync();
        var result = Responses.ReadData(response.Code, response.Data);
        var guess = result.Items.FirstOrDefault(each => each.Id == Id)
            ?? throw new InvalidDataException($"{Id} is not among the guesses");
        var score = guess.Score.ToString("F2", CultureInfo.InvariantCulture);
        Console.WriteLine($"recognition: product {Id}, score {score}");
    }

    async Task DeleteTemplate(string sid)
    {
        var template = new DeleteItemTemplateRequest { Id = Id, Sid = sid };
        Responses.Check((await module.DeleteItemTemplateAsync(template)).Code);
        Console.WriteLine($"deletion: template {sid}");
    }

    async Task CauseError()
    {
        try
        {
            var area = new SetCalibRequest { Left = 640, Top = 0, Width = 1280, Height = 720 };
            Responses.Check((await module.SetCalibAsync(area)).Code);
        }
        catch (DeviceException error) when (error.Code == (int)ErrorCode.PARAMETER_ERROR)
        {
            Console.WriteLine($"error: {error.Code} for an area beyond the picture");
            return;
        }
        throw new InvalidDataException("an area beyond the picture was accepted");
    }
}
