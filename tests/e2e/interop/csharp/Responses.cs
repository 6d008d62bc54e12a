using System;
using System.IO;
using System.Threading.Tasks;
using Newtonsoft.Json;
using VisionAi;

/// <summary>An error that the module returned. Its HTTP status is 200 too; only the code differs.</summary>
class DeviceException : Exception
{
    public readonly int Code;

    public DeviceException(int code) : base("the module returned code " + code)
    {
        Code = code;
    }
}

/// <summary>Checks of responses.</summary>
static class Responses
{
    /// <summary>Checks the code of a response.</summary>
    public static void Check(int code)
    {
        if (code != 0) throw new DeviceException(code);
    }

    /// <summary>Checks the code of a response, and returns its data.</summary>
    public static T ReadData<T>(int code, T data) where T : class
    {
        Check(code);
        return data ?? throw new InvalidDataException("the module returned a success without data");
    }

    /// <summary>Reads a binary response, which can be a JSON error instead (A10).</summary>
    public static async Task<byte[]> ReadBytes(Task<FileResponse> call)
    {
        using (var response = await call)
        using (var buffer = new MemoryStream())
        {
            await response.Stream.CopyToAsync(buffer);
            var body = buffer.ToArray();
            if (body.Length > 0 && body[0] == '{') Check(ReadCode(body));
            return body;
        }
    }

    static int ReadCode(byte[] body)
    {
        try
        {
            return JsonConvert.DeserializeObject<ErrorAnswer>(System.Text.Encoding.UTF8.GetString(body)).Code;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
