namespace GenesysAnalyticsApi.Formats;

/// <summary>
/// Sets a fixed time in the headers of a zip file, so that equal workbooks have equal bytes. .NET writes the current time, and the workbook library has no
/// setting for another time. Relies on .NET writing each header in one call with a fixed length.
/// </summary>
internal sealed class ReproducibleZipStream(Stream target) : DeferredFlushStream(target)
{
    private const int LocalHeaderLength = 30;
    private const int CentralHeaderLength = 46;

    /// <summary>1980-01-01 00:00, the earliest time of the zip format.</summary>
    private static readonly byte[] Time = [0, 0, 0x21, 0];

    public override void Write(ReadOnlySpan<byte> buffer) => base.Write(OffsetOfTime(buffer) is { } offset ? WithTime(buffer, offset) : buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.WriteAsync(OffsetOfTime(buffer.Span) is { } offset ? WithTime(buffer.Span, offset) : buffer, cancellationToken);

    private static byte[] WithTime(ReadOnlySpan<byte> header, int offset)
    {
        var changed = header.ToArray();
        Time.CopyTo(changed, offset);
        return changed;
    }

    /// <summary>The offset of the time in a header; null if the bytes are not a header.</summary>
    private static int? OffsetOfTime(ReadOnlySpan<byte> bytes) =>
        bytes.Length == LocalHeaderLength && bytes.StartsWith("PK\x03\x04"u8) ? 10
        : bytes.Length == CentralHeaderLength && bytes.StartsWith("PK\x01\x02"u8) ? 12
        : null;
}
