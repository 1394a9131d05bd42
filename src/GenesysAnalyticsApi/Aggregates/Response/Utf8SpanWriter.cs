using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>JSON that is being put into a span which has room for it: what is known to need no escaping, and numbers.</summary>
internal ref struct Utf8SpanWriter(Span<byte> room)
{
    /// <summary>No number is longer.</summary>
    public const int MostOfNumber = 32;

    /// <summary>Beyond it the shortest form of a double has an exponent, even of a whole one.</summary>
    private const double LeastWithExponent = 1e15;

    private readonly Span<byte> _room = room;

    /// <summary>Bytes put so far.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _room[..Length];

    public void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_room[Length..]);
        Length += text.Length;
    }

    public void PutAscii(string text) => Length += Encoding.ASCII.GetBytes(text, _room[Length..]);

    public void Put(long? number)
    {
        if (number is { } known)
        {
            Put(known);
        }
        else
        {
            Put("null"u8);
        }
    }

    /// <summary>The shortest form that reads back as the same number, as System.Text.Json writes it.</summary>
    public void Put(double? number)
    {
        if (number is not { } known)
        {
            Put("null"u8);
        }
        else if (Math.Abs(known) < LeastWithExponent && BitConverter.DoubleToInt64Bits((long)known) == BitConverter.DoubleToInt64Bits(known))
        {
            // Many are whole, and whole numbers are much cheaper to write. By their bits, for there is a negative zero.
            Put((long)known);
        }
        else
        {
            var isPut = Utf8Formatter.TryFormat(known, _room[Length..], out var bytes);
            Debug.Assert(isPut && double.IsFinite(known), "There is room, and figures are finite or null.");
            Length += bytes;
        }
    }

    private void Put(long number)
    {
        var isPut = Utf8Formatter.TryFormat(number, _room[Length..], out var bytes);
        Debug.Assert(isPut, "There is room.");
        Length += bytes;
    }
}
