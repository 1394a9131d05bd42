using System.Runtime.InteropServices;
using System.Text;
using MemoryPack;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Checks the length of a string before it is read. MemoryPack itself adds 4 to the length of a UTF-8 string before its check. The largest lengths overflow in
/// this addition. MemoryPack then reads beyond the buffer, which crashes the process.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CheckedStringAttribute : MemoryPackCustomFormatterAttribute<CheckedStringFormatter, string>
{
    public override CheckedStringFormatter GetFormatter() => CheckedStringFormatter.Instance;
}

/// <summary>Checks the length of each string in an array, as <see cref="CheckedStringAttribute"/> does for one string.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CheckedStringsAttribute : MemoryPackCustomFormatterAttribute<CheckedStringsFormatter, string[]>
{
    public override CheckedStringsFormatter GetFormatter() => CheckedStringsFormatter.Instance;
}

internal sealed class CheckedStringFormatter : MemoryPackFormatter<string>
{
    public static readonly CheckedStringFormatter Instance = new();

    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref string? value) => writer.WriteString(value);

    public override void Deserialize(ref MemoryPackReader reader, scoped ref string? value) => value = Read(ref reader);

    internal static string? Read(ref MemoryPackReader reader)
    {
        // A positive length is the number of UTF-16 characters. The complement of a negative length is the number of UTF-8 bytes.
        if (!reader.TryReadCollectionHeader(out var length))
        {
            return null;
        }

        if (length == 0)
        {
            return "";
        }

        if (length < 0)
        {
            reader.ReadUnmanaged(out int _);
        }

        var bytes = length < 0 ? ~length : checked(length * sizeof(char));
        if (bytes > reader.Remaining)
        {
            throw new MemoryPackSerializationException($"A string of {bytes} bytes exceeds the rest of the buffer.");
        }

        var span = MemoryMarshal.CreateReadOnlySpan(ref reader.GetSpanReference(bytes), bytes);
        var text = length < 0 ? Encoding.UTF8.GetString(span) : new string(MemoryMarshal.Cast<byte, char>(span));
        reader.Advance(bytes);
        return text;
    }
}

internal sealed class CheckedStringsFormatter : MemoryPackFormatter<string[]>
{
    public static readonly CheckedStringsFormatter Instance = new();

    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref string[]? value) => writer.WriteArray(value);

    public override void Deserialize(ref MemoryPackReader reader, scoped ref string[]? value)
    {
        if (!reader.TryReadCollectionHeader(out var length))
        {
            value = null;
            return;
        }

        if (length < 0)
        {
            throw new MemoryPackSerializationException($"An array of strings has the invalid length {length}.");
        }

        value = new string[length];
        for (var i = 0; i < length; i++)
        {
            value[i] = CheckedStringFormatter.Read(ref reader)!;
        }
    }
}
