using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes JSON that needs no escaping, and numbers, to a span of sufficient size.</summary>
internal ref struct Utf8SpanWriter(Span<byte> destination)
{
    /// <summary>The maximum length of a formatted number, in bytes.</summary>
    public const int MaxNumberLength = 32;

    /// <summary>The shortest form of a double that is not less than this value has an exponent, even for integers.</summary>
    private const double MinWithExponent = 1e15;

    private readonly Span<byte> _destination = destination;

    /// <summary>The number of bytes written.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    public void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_destination[Length..]);
        Length += text.Length;
    }

    public void PutAscii(string text) => Length += Encoding.ASCII.GetBytes(text, _destination[Length..]);

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

    /// <summary>Writes the shortest form that round-trips, as System.Text.Json does.</summary>
    public void Put(double? number)
    {
        if (number is not { } known)
        {
            Put("null"u8);
        }
        else if (Math.Abs(known) < MinWithExponent && BitConverter.DoubleToInt64Bits((long)known) == BitConverter.DoubleToInt64Bits(known))
        {
            // Most values are integers, which are much cheaper to format. The bitwise comparison detects negative zero.
            Put((long)known);
        }
        else
        {
            var isPut = Utf8Formatter.TryFormat(known, _destination[Length..], out var bytes);
            Debug.Assert(isPut && double.IsFinite(known), "The span is large enough, and figures are finite or null.");
            Length += bytes;
        }
    }

    private void Put(long number)
    {
        var isPut = Utf8Formatter.TryFormat(number, _destination[Length..], out var bytes);
        Debug.Assert(isPut, "The span is large enough.");
        Length += bytes;
    }
}
