using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Formats;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Formats;

/// <summary>Compares the bytes of the writer with those of the serializer for the same records.</summary>
public sealed class ResponseJsonWriterTests
{
    private static readonly string[] RequestedMetrics = ["tHandle", "oServiceLevel", "nConversations", "oServiceTarget", "nOffered", "tAcd", "oMediaCount"];

    // All kinds of characters: those that JSON escapes, those that HTML would escape, and an unpaired surrogate.
    private static readonly Gen<string> Name = GenChoice.OneOf("a", "B", "\"", "\\", "\n", "\0", "\u007f", "<b>&'+", "é", "ß", "漢", "\u2028", "\ud83d\ude00", "\ud83d", "`")
        .Array[0, 5].Select(string.Concat);

    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Double.Where(double.IsFinite),
        Gen.Double[0, 1],
        Gen.Long[-1_000, 1_000].Select(whole => (double)whole),
        Gen.Long[-3, 3].Select(step => 1e15 + (step / 4.0)),
        Gen.Long[-3, 3].Select(step => -1e15 + (step * 2)),
        GenChoice.OneOf(0.0, -0.0, double.MaxValue, double.Epsilon, 1L << 53, 1e16, 1e22, 1.5e300));

    [Fact]
    public void The_writer_produces_the_same_bytes_as_the_serializer() =>
        Gen.Select(GenFacts.Cells, Number.Array[9], Name.Array[5], Gen.Select(Gen.Int[0, 7], Gen.Bool, GenChoice.OneOf(1, 24, 48)), Gen.Select(Gen.Int[0, 127], Gen.Int[0, 511]), Gen.Int).Sample(
            (cells, numbers, names, shape, chosen, seed) =>
            {
                var varied = cells.Select((cell, i) => cell with { Sum = cell.Sum is null ? null : numbers[i % numbers.Length], Numerator = cell.Numerator is null ? null : numbers[^(1 + (i % numbers.Length))] });
                var records = Records([.. varied], names, shape.Item1, shape.Item2, shape.Item3, chosen.Item1, chosen.Item2, seed);
                var (query, meta) = (Query(names), Meta(names, records.Count));

                Text(Written(query, meta, records)).ShouldBe(Text(ResponseJson.Bytes(query, meta, records)));
            },
            iter: 1_000);

    [Fact]
    public void Numbers_are_formatted_as_the_serializer_formats_them() =>
        Number.Sample(number => Put(number).ShouldBe(JsonSerializer.Serialize(number)), iter: 5_000);

    [Fact]
    public void The_fields_are_the_properties_of_a_record_in_the_same_order()
    {
        var properties = ResponseJson.TypeInfo.Options.GetTypeInfo(typeof(PlainRecord)).Properties.Select(property => property.Name).ToList();
        properties.ShouldBe([.. RecordFieldDefinitions.Labels.Select(field => field.Name), .. RecordFieldDefinitions.Figures.Select(field => field.Name), .. RecordFieldDefinitions.Within.Select(field => field.Name), "metrics", .. RecordFieldDefinitions.Flags.Select(field => field.Name)]);
    }

    [Fact]
    public void Writing_a_record_allocates_nothing()
    {
        FactCell[] cells = [.. Enumerable.Range(0, GenFacts.Hours).SelectMany(hour => RequestedMetrics.Select(metric =>
            new FactCell(new(QueueBuilder.Id((hour % 4) + 1), "voice"), hour, metric) { Count = 7, Sum = hour / 3.0, Max = 5, Numerator = 3, Target = 0.8 }))];
        var (few, many) = (Records(cells, ["a", "b", "c", "d", "e"], 7, false, 48, 127, 0, 1), Records(cells, ["a", "b", "c", "d", "e"], 7, true, 1, 127, 0, 1));
        var target = new ArrayBufferWriter<byte>(1 << 20);
        Allocated(target, many);

        many.Count.ShouldBeGreaterThan(10 * few.Count);
        MinAllocated(many).ShouldBe(MinAllocated(few));

        // The runtime also allocates, on any thread, when it recompiles a method with more optimizations. The minimum excludes that.
        long MinAllocated(RecordList records) => Enumerable.Range(0, 5).Min(_ => Allocated(target, records));
    }

    [Fact]
    public async Task A_streamed_response_is_identical_and_buffers_at_most_one_chunk()
    {
        FactCell[] cells = [.. Enumerable.Range(0, GenFacts.Hours).Select(hour => new FactCell(new(QueueBuilder.Id((hour % 4) + 1), "voice"), hour, "nOffered") { Count = 7 })];
        var records = Records(cells, ["a", "b", "c", "d", "e"], 7, true, 1, 0, 0, 1);
        var (query, meta, target) = (Query(["a"]), Meta(["a"], records.Count), new WrittenStream());

        await new ResponseJsonWriter().WriteAsync(target, ResultBuilder.Of(query, meta, records), CancellationToken.None);

        Text([.. target.Writes.SelectMany(write => write)]).ShouldBe(Text(Written(query, meta, records)));
        target.Writes.Count.ShouldBeGreaterThan(2);
        target.Writes.ShouldAllBe(write => write.Length < 72 * 1024);
    }

    [Fact]
    public async Task Writing_stops_when_the_caller_has_disconnected()
    {
        var records = Records([], ["a", "b", "c", "d", "e"], 7, true, 1, 0, 0, 1);
        var target = new WrittenStream();

        await new ResponseJsonWriter().WriteAsync(target, ResultBuilder.Of(Query(["a"]), Meta(["a"], records.Count), records), new CancellationToken(canceled: true));

        target.Writes.Sum(write => write.Length).ShouldBeLessThan(2_000);
    }

    private sealed class WrittenStream : MemoryStream
    {
        public List<byte[]> Writes { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes.Add(buffer.ToArray());
            return ValueTask.CompletedTask;
        }
    }

    private static long Allocated(ArrayBufferWriter<byte> target, RecordList records)
    {
        var (writer, result) = (new ResponseJsonWriter(), ResultBuilder.Of(Query(["a"]), Meta(["a"], 1), records));
        target.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        writer.Write(target, result);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static RecordList Records(FactCell[] cells, string[] names, int groupBy, bool fill, int bucketHours, int requested, int rejected, int seed)
    {
        var random = new Random(seed);
        var (plan, read) = GenFacts.Slices(cells, [random.Next(48), random.Next(48)], bucketHours, random);
        var failed = plan.Windows[0].Slice.Key;
        read[failed] = read[failed] with { Facts = seed % 3 == 0 ? null : read[failed].Facts };
        // The fourth queue is not in the directory.
        var directory = QueueBuilder.Directory(QueueBuilder.Known(1, names[0], division: 1), QueueBuilder.Known(2, names[1], division: 1), QueueBuilder.Known(3, names[2]));
        var scope = GenFacts.Scope((Grouping)groupBy, directory);
        var query = new AggregatesQuery
        {
            Interval = new(plan.Edges[0], plan.Edges[^1], EndsNow: false),
            Now = AggregatesClient.Now,
            Zone = DateTimeZoneProviders.Tzdb["Europe/Berlin"],
            FillZero = fill,
            GroupBy = scope.GroupBy,
            ServiceLevelThresholdMs = seed % 2 == 0 ? 20_000 : null,
            Metrics = [.. RequestedMetrics.Where((_, bit) => (requested & (1 << bit)) != 0)],
        };
        string[] mayBeRejected = [.. RequestedMetrics, "tAnswered", "tWait"];
        var rejectedMetrics = mayBeRejected.Where((_, bit) => (rejected & (1 << bit)) != 0 && random.Next(2) == 0).ToHashSet();
        return RecordList.Of(AggregatesFold.Fold(plan, read, scope), query, new BucketStatuses(plan, read, query.Zone, AggregatesClient.Settle), scope, rejectedMetrics);
    }

    private static ResolvedQuery Query(string[] names) => new()
    {
        Interval = "2026-11-10T00:00:00Z/2026-11-12T00:00:00Z",
        Granularity = null,
        TimeZone = "Europe/Berlin",
        QueueIds = names,
        MediaTypes = [],
        Direction = "inbound",
        ServiceLevelThresholdMs = null,
        GroupBy = ["queueId"],
    };

    private static ResponseMeta Meta(string[] names, int rows) => new()
    {
        AsOf = "2026-11-23T09:15:02Z",
        Complete = false,
        Final = true,
        Stale = false,
        Source = "genesys",
        Rows = new(rows, rows),
        FailedSlices = [new("2026-11-10T00:00:00Z", "2026-11-11T00:00:00Z", null, $"timeout: {names[0]}")],
        Warnings = [.. names.Select(name => new ResponseWarning("stale", name))],
    };

    private static byte[] Written(ResolvedQuery query, ResponseMeta meta, RecordList records)
    {
        var target = new ArrayBufferWriter<byte>();
        new ResponseJsonWriter().Write(target, ResultBuilder.Of(query, meta, records));
        return target.WrittenSpan.ToArray();
    }

    private static string Put(double number)
    {
        var text = new Utf8SpanWriter(stackalloc byte[Utf8SpanWriter.MaxNumberLength]);
        text.Put(number);
        return Encoding.UTF8.GetString(text.Written);
    }

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
