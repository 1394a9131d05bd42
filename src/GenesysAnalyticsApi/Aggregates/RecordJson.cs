using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Writes records as JSON, straight into the buffer: nothing is allocated for a record, and all that its text has in common with
/// others is encoded once. Labels are escaped by <see cref="Utf8JsonWriter"/>; instants, names of fields and numbers need none.
/// </summary>
internal sealed class RecordJson : IDisposable
{
    private static readonly ImmutableArray<(RecordField Field, byte[] Name)> Fields =
        [.. RecordFields.All.Select(field => (field, Encoding.UTF8.GetBytes($",\"{field.Name}\":")))];

    private static readonly int MostOfFigures = Fields.Sum(field => field.Name.Length + Utf8Text.MostOfNumber);

    private readonly bool _isByDivision;
    private readonly ArrayBufferWriter<byte> _labels = new();
    private readonly Utf8JsonWriter _encoding;
    private readonly ImmutableArray<(FigureColumn Column, byte[] Name)> _asked;
    private readonly int _mostOfAsked;
    private RecordLabels? _encoded;

    public RecordJson(RecordList records)
    {
        _isByDivision = records.IsByDivision;
        _encoding = new Utf8JsonWriter(_labels, AggregatesWriter.Options);
        _asked = [.. records.Asked.Select(column => (column, Encoding.UTF8.GetBytes($"\"{column.Metric}\":")))];
        _mostOfAsked = _asked.Sum(asked => asked.Name.Length + StatisticsJson.Most);
    }

    public void Write(IBufferWriter<byte> target, RecordRow record)
    {
        if (!ReferenceEquals(record.Labels, _encoded))
        {
            Encode(record.Labels);
        }

        var bucket = record.Bucket;
        var most = _labels.WrittenCount + bucket.From.Length + bucket.To.Length + bucket.LocalFrom.Length + MostOfFigures + _mostOfAsked + 128;
        var text = new Utf8Text(target.GetSpan(most));
        text.Put(_labels.WrittenSpan);
        text.Put(",\"from\":\""u8);
        text.PutAscii(bucket.From);
        text.Put("\",\"to\":\""u8);
        text.PutAscii(bucket.To);
        text.Put("\",\"localFrom\":\""u8);
        text.PutAscii(bucket.LocalFrom);
        text.Put("\""u8);
        PutFigures(ref text, record.Figures);
        if (!_asked.IsEmpty)
        {
            PutAsked(ref text, record.Figures);
        }

        text.Put(record.IsComplete ? ",\"complete\":true"u8 : ",\"complete\":false"u8);
        text.Put(record.IsFinal ? ",\"final\":true}"u8 : ",\"final\":false}"u8);
        target.Advance(text.Length);
    }

    public void Dispose() => _encoding.Dispose();

    private static void PutFigures(ref Utf8Text text, RowFigures figures)
    {
        foreach (var (field, name) in Fields)
        {
            text.Put(name);
            if (field is WholeField whole)
            {
                text.Put(whole.Of(figures));
            }
            else
            {
                text.Put(((RealField)field).Of(figures));
            }
        }
    }

    private void PutAsked(ref Utf8Text text, RowFigures figures)
    {
        var separator = ",\"metrics\":{"u8;
        foreach (var (column, name) in _asked)
        {
            text.Put(separator);
            text.Put(name);
            StatisticsJson.Put(ref text, figures.Raw(column));
            separator = ","u8;
        }

        text.Put("}"u8);
    }

    /// <summary>Records of a group follow one another, but for groups which their names do not tell apart.</summary>
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
        _encoding.Flush();
        _encoded = labels;
    }
}
