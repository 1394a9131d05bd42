using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// Writes records as JSON directly to the buffer, without allocations per record. Text that records share is encoded once.
/// <see cref="Utf8JsonWriter"/> escapes the labels; instants, field names and numbers need no escaping.
/// </summary>
internal sealed class RecordJsonWriter : IDisposable
{
    private static readonly ImmutableArray<(FigureField Field, byte[] Name)> Figures = Encoded(RecordFieldDefinitions.Figures);

    /// <summary>Room for the three times of a bucket, at most 32 characters each, for the field names, and for the flags.</summary>
    private const int MaxBucketLength = 256;

    private readonly ImmutableArray<(FigureField Field, byte[] Name)> _figures;
    private readonly int _maxFiguresLength;
    private readonly bool _isByDivision;
    private readonly Dimension[] _dimensions;
    private readonly ArrayBufferWriter<byte> _labels = new();
    private readonly Utf8JsonWriter _encoding;
    private readonly ImmutableArray<(MetricColumn Column, byte[] Name)> _requested;
    private readonly ImmutableArray<(MetricColumn Column, byte[] Name)> _requestedPrevious;
    private readonly bool _hasPrevious;
    private readonly int _maxRequestedLength;
    private RecordLabels? _encoded;

    public RecordJsonWriter(RecordList records)
    {
        _isByDivision = records.GroupBy.HasFlag(Grouping.Division);
        _dimensions = Groupings.DimensionsOf(records.GroupBy) is var dimensions && dimensions == Dimensions.None ? [] : [.. Dimension.Of(dimensions)];
        _encoding = new Utf8JsonWriter(_labels, ResponseJsonWriter.Options);
        _figures = RecordFieldDefinitions.FiguresOf(records) is var figures && figures == RecordFieldDefinitions.Figures ? Figures : Encoded(figures);
        _maxFiguresLength = _figures.Sum(figure => figure.Name.Length + Utf8SpanWriter.MaxNumberLength);
        _requested = Named(records.Requested);
        _requestedPrevious = Named(records.RequestedPrevious);
        _hasPrevious = records.HasPrevious;
        _maxRequestedLength = _requested.Sum(requested => requested.Name.Length + StatisticsJsonWriter.MaxLength);
    }

    /// <param name="previous">The record with which <paramref name="record"/> is compared; ignored if records are not compared.</param>
    public void Write(IBufferWriter<byte> target, ResponseRecord record, ResponseRecord? previous = null)
    {
        if (!ReferenceEquals(record.Labels, _encoded))
        {
            Encode(record.Labels);
        }

        var length = _maxFiguresLength + _maxRequestedLength + MaxBucketLength;
        var text = new Utf8SpanWriter(target.GetSpan(_labels.WrittenCount + (_hasPrevious ? 2 * length : length)));
        text.Put(_labels.WrittenSpan);
        text.Put(","u8);
        PutBucketAndFigures(ref text, record, _requested);
        if (_hasPrevious)
        {
            PutPrevious(ref text, previous);
        }

        PutFlags(ref text, record);
        target.Advance(text.Length);
    }

    public void Dispose() => _encoding.Dispose();

    private static ImmutableArray<(MetricColumn Column, byte[] Name)> Named(IReadOnlyList<MetricColumn> columns) =>
        [.. columns.Select(column => (column, Encoding.UTF8.GetBytes($"\"{column.Metric}\":")))];

    private void PutPrevious(ref Utf8SpanWriter text, ResponseRecord? previous)
    {
        if (previous is not { } record)
        {
            text.Put(",\"previous\":null"u8);
            return;
        }

        text.Put(",\"previous\":{"u8);
        PutBucketAndFigures(ref text, record, _requestedPrevious);
        PutFlags(ref text, record);
    }

    private void PutBucketAndFigures(ref Utf8SpanWriter text, ResponseRecord record, ImmutableArray<(MetricColumn Column, byte[] Name)> requested)
    {
        var bucket = record.Bucket;
        text.Put("\"from\":\""u8);
        text.PutAscii(bucket.From);
        text.Put("\",\"to\":\""u8);
        text.PutAscii(bucket.To);
        text.Put("\",\"localFrom\":\""u8);
        text.PutAscii(bucket.LocalFrom);
        text.Put("\""u8);
        PutFigures(ref text, record.Figures);
        if (!requested.IsEmpty)
        {
            PutRequested(ref text, record.Figures, requested);
        }
    }

    private static void PutFlags(ref Utf8SpanWriter text, ResponseRecord record)
    {
        text.Put(record.IsComplete ? ",\"complete\":true"u8 : ",\"complete\":false"u8);
        text.Put(record.IsFinal ? ",\"final\":true}"u8 : ",\"final\":false}"u8);
    }

    private static ImmutableArray<(FigureField Field, byte[] Name)> Encoded(ImmutableArray<FigureField> fields) =>
        [.. fields.Select(field => (field, Encoding.UTF8.GetBytes($",\"{field.Name}\":")))];

    private void PutFigures(ref Utf8SpanWriter text, RowArithmetic figures)
    {
        foreach (var (field, name) in _figures)
        {
            text.Put(name);
            if (field is IntegerField whole)
            {
                text.Put(whole.Of(figures));
            }
            else
            {
                text.Put(((DecimalField)field).Of(figures));
            }
        }
    }

    private static void PutRequested(ref Utf8SpanWriter text, RowArithmetic figures, ImmutableArray<(MetricColumn Column, byte[] Name)> requested)
    {
        var separator = ",\"metrics\":{"u8;
        foreach (var (column, name) in requested)
        {
            text.Put(separator);
            text.Put(name);
            StatisticsJsonWriter.Put(ref text, figures.Raw(column));
            separator = ","u8;
        }

        text.Put("}"u8);
    }

    /// <summary>Encodes labels when they change. This is rare: the records of a group are adjacent, unless groups have equal queue names.</summary>
    private void Encode(RecordLabels labels)
    {
        _labels.ResetWrittenCount();
        _encoding.Reset();
        _encoding.WriteStartObject();
        _encoding.WriteString("queueId", labels.QueueId);
        _encoding.WriteString("queueName", labels.QueueName);
        if (_isByDivision)
        {
            _encoding.WriteString("divisionId", labels.DivisionId);
            _encoding.WriteString("divisionName", labels.DivisionName);
        }

        _encoding.WriteString("mediaType", labels.MediaType);
        foreach (var dimension in _dimensions)
        {
            _encoding.WriteString(dimension.Name, labels.ValueOf(dimension.Flag));
            if (dimension.NameField is { } name)
            {
                _encoding.WriteString(name, labels.NameOf(dimension.Flag));
            }
        }

        _encoding.Flush();
        _encoded = labels;
    }
}

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
