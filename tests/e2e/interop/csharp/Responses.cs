using System;
using System.IO;
using System.Threading.Tasks;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

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

    /// <summary>Reads the stream of a binary response, which can be a JSON error instead (A10).</summary>
    public static async Task<byte[]> ReadBytes(Stream stream)
    {
        using (var buffer = new MemoryStream())
        {
            await stream.CopyToAsync(buffer);
            var body = buffer.ToArray();
            if (body.Length > 0 && body[0] == '{') Check(ReadCode(body));
            return body;
        }
    }

    static int ReadCode(byte[] body)
    {
        try
        {
            return (int?)JObject.Parse(System.Text.Encoding.UTF8.GetString(body))["code"] ?? 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
