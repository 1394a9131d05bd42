using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Details.Parsing;
using GenesysSimulator.Faults;
using GenesysSimulator.Jobs;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Details;

/// <summary>
/// Asynchronous details queries. Their data ends at a watermark in the past: later conversations are absent without any indication, and conversations
/// that were in progress at the watermark have the state of that time.
/// </summary>
internal sealed class DetailsJobs(SimulatedWorld world, SimulatorSettings settings, RecordIndexes indexes, TimeProvider clock)
{
    private static readonly JsonEncodedText DataAvailabilityDate = JsonEncodedText.Encode("dataAvailabilityDate");

    private readonly QueryJobs<DetailQuery> _jobs = new(settings, clock);
    private readonly RecordSource _source = new(world);

    public Reply Submit(ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> faults)
    {
        var query = DetailQueryReader.ReadAsync(body);
        return _jobs.Submit(query, Identity.Hash(query.Fingerprint), faults);
    }

    public Reply Status(string id) => _jobs.Status(id);

    public Reply Cancel(string id) => _jobs.Cancel(id);

    public Reply Availability(IReadOnlyList<SimulatorFault> faults) => Reply.OfJson(writer =>
    {
        writer.WriteStartObject();
        WriteWatermark(writer, clock.GetUtcNow() - settings.DetailsLag, faults);
        writer.WriteEndObject();
    });

    public Reply Results(string id, IQueryCollection parameters, IReadOnlyList<SimulatorFault> faults, CancellationToken cancellationToken)
    {
        if (parameters.Keys.FirstOrDefault(key => key is not ("cursor" or "pageSize")) is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }

        var job = _jobs.Fulfilled(id);
        var size = SizeOf(parameters["pageSize"]);
        var page = JobCursor.PageOf(parameters["cursor"]);
        var watermark = job.SubmittedAt - settings.DetailsLag;
        var snapshot = world.SnapshotAt(watermark);
        var index = indexes.For(job.Query with { Fingerprint = $"{id}\n{job.Query.Fingerprint}" }, snapshot, isFirstPage: page == 0, cancellationToken);
        var skip = (long)page * size;
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            RecordSource.Write(writer, _source.Records(index.Page((int)Math.Min(skip, int.MaxValue), size), snapshot), includeAttributes: true);
            if (skip + size < index.Count)
            {
                writer.WriteString("cursor", JobCursor.Of(page + 1));
            }

            WriteWatermark(writer, watermark, faults);
            writer.WriteEndObject();
        });
    }

    private void WriteWatermark(Utf8JsonWriter writer, DateTimeOffset watermark, IReadOnlyList<SimulatorFault> faults)
    {
        var fault = faults.FirstOrDefault(fault => fault.Name == FaultNames.Watermark);
        if (fault is null)
        {
            SessionWriter.WriteInstant(writer, DataAvailabilityDate, watermark.ToUnixTimeMilliseconds());
        }
        else if (fault.SignedNumber(0) is not 0 and var hours)
        {
            SessionWriter.WriteInstant(writer, DataAvailabilityDate, clock.GetUtcNow().AddHours(hours).ToUnixTimeMilliseconds());
        }
        else if (fault.Value is { } text)
        {
            writer.WriteString(DataAvailabilityDate, text);
        }
    }

    private int SizeOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return settings.JobPageSize;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 1 && size <= settings.MaxJobPageSize
            ? size
            : throw ApiException.BadRequest($"Value [{text}] of pageSize must be an integer from 1 to {settings.MaxJobPageSize}.");
    }
}
