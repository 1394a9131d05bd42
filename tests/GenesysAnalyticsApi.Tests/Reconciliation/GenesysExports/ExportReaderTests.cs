using System.Text;
using GenesysAnalyticsApi.Reconciliation.GenesysExports;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Reconciliation.GenesysExports;

public sealed class ExportReaderTests
{
    private const string Header = "Interval Start,Interval End,Media Type,Queue Id,Queue Name,Offer,Answer,Avg Handle,Service Level %";

    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Fact]
    public void A_row_has_its_queue_interval_media_type_and_numbers()
    {
        var export = Read($"{Header}\n2026-11-16T00:00,2026-11-17T00:00,Voice,05f1c285-6777-4ccc-806f-8db085ae0793,\"Billing, \"\"EU\"\"\",\"1,877\",787,0:02:41.05,47.59%\n");

        var row = export.Rows.ShouldHaveSingleItem();
        (row.Line, row.QueueId, row.QueueName).ShouldBe((2, "05f1c285-6777-4ccc-806f-8db085ae0793", "Billing, \"EU\""));
        (row.From, row.To).ShouldBe((Instant.FromUtc(2026, 11, 15, 23, 0), Instant.FromUtc(2026, 11, 16, 23, 0)));
        row.MediaTypes.ShouldBe(["voice"]);
        row.Values.Select(value => value.Column.Figure!.Name).ShouldBe(["offered", "answered", "averageHandleTimeMs", "serviceLevel"]);
        row.Values.Select(value => value.Number!.Value.Value).ShouldBe([1877, 787, 161_050, 0.4759], tolerance: 1e-9);
        row.Values.Select(value => value.Number!.Value.Step).ShouldBe([1, 1, 10, 0.0001], tolerance: 1e-9);
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void Delimiters_line_breaks_byte_order_marks_and_titles_do_not_matter(string delimiter)
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), new UTF8Encoding(false), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true) })
        {
            var text = $"Queue performance\r\n\r\n{string.Join(delimiter, "\"Queue\"", "Interval Start", "Interval End", "Offer")}\r\n{string.Join(delimiter, "Grüße", "2026-11-16 00:00", "2026-11-16 00:30", "5")}";

            var export = ExportReader.Read([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], new(DateTimeZone.Utc, null));

            var row = export.Rows.ShouldHaveSingleItem();
            (row.Line, row.QueueName, row.To - row.From, row.MediaTypes.Length).ShouldBe((4, "Grüße", Duration.FromMinutes(30), 0));
        }
    }

    [Fact]
    public void Columns_that_are_not_compared_say_why()
    {
        var export = Read("Queue Name,Interval Start,Interval End,Offer,offered,Talk,Mood\nA,2026-11-16T00:00,2026-11-17T00:00,1,1,5,good\n");

        export.Columns.Where(column => column.WhyNot is not null).Select(column => (column.Number, column.Header, column.WhyNot)).ShouldBe(
        [
            (5, "offered", "an earlier column has the same meaning"),
            (6, "Talk", "the header does not say whether it is a count, a total or an average"),
            (7, "Mood", "no figure has this header"),
        ]);
    }

    [Fact]
    public void Empty_fields_have_no_number_and_summaries_no_queue()
    {
        var export = Read($"{Header}\n2026-11-16T00:00,2026-11-17T00:00,,,A,5,-,,N/A\n,,,,,5,,,\n");

        export.Rows.ShouldHaveSingleItem().Values.Select(value => value.Number?.Value).ShouldBe([5, null, null, null]);
        export.NotCompared.ShouldBe([new RowNotCompared(3, "", "it names no queue; it is probably a summary")]);
    }

    [Fact]
    public void A_summary_with_text_instead_of_a_queue_is_not_compared()
    {
        var export = Read($"{Header}\n2026-11-16T00:00,2026-11-17T00:00,,,A,5,,,\n,,,,Total,5,,,\n");

        export.Rows.ShouldHaveSingleItem();
        export.NotCompared.ShouldBe([new RowNotCompared(3, "Total", "it has no interval; it is probably a summary")]);
    }

    [Fact]
    public void Long_headers_and_names_are_shortened_because_every_value_repeats_them()
    {
        var export = Read($"Queue Name,Interval Start,Interval End,Offer{new string('.', 100_000)}\n{new string('q', 100_000)},2026-11-16T00:00,2026-11-17T00:00,5\n");

        export.Columns.ShouldAllBe(column => column.Header.Length <= 101);
        export.Rows.ShouldHaveSingleItem().Queue.Length.ShouldBeLessThanOrEqualTo(101);
    }

    [Fact]
    public void An_interval_for_a_file_that_has_intervals_is_rejected() =>
        FaultsOf($"{Header}\n2026-11-16T00:00,2026-11-17T00:00,,,A,5,,,\n", new Interval(Instant.FromUtc(2026, 11, 16, 0, 0), Instant.FromUtc(2026, 11, 17, 0, 0)))
            .ShouldHaveSingleItem().ShouldStartWith("The file has the column 'Interval Start', and interval= was also set.");

    [Fact]
    public void An_end_column_without_a_start_column_is_reported()
    {
        FaultsOf("Queue Name,Interval End,Offer\nA,2026-11-17T00:00,1\n", new Interval(Instant.FromUtc(2026, 11, 16, 0, 0), Instant.FromUtc(2026, 11, 17, 0, 0)))
            .ShouldBe(["Line 2, column 2 (Interval End): '2026-11-17T00:00' is an end without a start: each row needs 'Interval Start' and 'Interval End', or neither."]);
    }

    [Fact]
    public void Rows_without_times_have_the_interval_of_the_request()
    {
        var (from, to) = (Instant.FromUtc(2026, 11, 16, 0, 0), Instant.FromUtc(2026, 11, 17, 0, 0));

        var export = ExportReader.Read("Queue Name,Offer\nA,1\n"u8, new(DateTimeZone.Utc, new Interval(from, to)));

        export.Rows.Select(row => (row.From, row.To)).ShouldBe([(from, to)]);
        FaultsOf("Queue Name,Offer\nA,1\n").ShouldBe(["The file has no column 'Interval Start': set the interval of all rows with interval=start/end, or with --interval start/end on the command line."]);
    }

    [Theory]
    [InlineData("0.5,0.25", 0.5)]
    [InlineData("0.5,25", 0.005)]
    [InlineData("0.5%,0.25", 0.005)]
    public void A_ratio_is_a_percentage_if_any_value_of_its_column_must_be_one(string levels, double expected)
    {
        var export = Read($"Queue Name,Interval Start,Interval End,Service Level %\n{string.Join('\n', levels.Split(',').Select(level => $"A,2026-11-16T00:00,2026-11-17T00:00,{level}"))}");

        export.Rows[0].Values[0].Number!.Value.Value.ShouldBe(expected, 1e-9);
    }

    [Theory]
    [InlineData(",", "\"0,476\"", 0.476)]
    [InlineData(";", "0,476", 0.476)]
    [InlineData(";", "1,234%", 0.01234)]
    public void A_comma_after_a_zero_or_in_a_file_with_semicolons_is_a_decimal_comma(string delimiter, string level, double expected)
    {
        var export = Read($"{string.Join(delimiter, "Queue Name", "Interval Start", "Interval End", "Service Level %")}\n{string.Join(delimiter, "A", "2026-11-16T00:00", "2026-11-17T00:00", level)}");

        export.Rows[0].Values[0].Number!.Value.Value.ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void Durations_with_a_decimal_comma_and_grouped_numbers_are_read_in_a_file_with_semicolons()
    {
        var export = Read("Queue Name;Interval Start;Interval End;Offer;Avg Handle;ASA\nA;2026-11-16T00:00;2026-11-17T00:00;1,877;51,181;0:00:51,181");

        export.Rows[0].Values.Select(value => value.Number!.Value.Value).ShouldBe([1877, 51.181, 51_181], tolerance: 1e-6);
    }

    [Fact]
    public void An_end_without_a_start_must_be_removed_before_the_interval_is_set() =>
        FaultsOf("Interval End,Queue Name,Offer\n2026-11-17T00:00,A,1\n").ShouldHaveSingleItem().ShouldStartWith(
            "The file has no column 'Interval Start': remove the column 'Interval End', and set the interval of all rows with interval=start/end");

    [Fact]
    public void Utf16_without_a_byte_order_mark_is_recognized() =>
        Should.Throw<UnreadableExportException>(() => CsvParser.Decode(System.Text.Encoding.Unicode.GetBytes(Header))).Faults.ShouldHaveSingleItem().ShouldBe(
            "The file contains NUL characters. It is probably UTF-16 or UTF-32 without a byte order mark. Save it as CSV UTF-8.");

    [Fact]
    public void Every_fault_names_its_line_and_column()
    {
        FaultsOf($"{Header}\n2026-11-16T00:00,yesterday,fax,x,A,1.5,-3,later,high\n2026-11-16T00:00,2026-11-15T00:00,,,A,1,1,1,1,1\n,2026-11-15T00:00,,,A,12345678901234567890123,1,1,1\n").ShouldBe(
        [
            "Line 2, column 4 (Queue Id): 'x' is not the id of a queue: use a GUID such as 05f1c285-6777-4ccc-806f-8db085ae0793.",
            "Line 2, column 3 (Media Type): 'fax' is not a media type: use one of voice, callback, chat, email, message, cobrowse, screenshare, screenmonitoring, video, internalmessage, unknown.",
            "Line 2, column 2 (Interval End): 'yesterday' is not a time: use a format such as 2026-11-01T08:00, 2026-11-01 08:00, 11/1/26 8:00 AM or 1.11.2026 08:00.",
            "Line 2, column 6 (Offer): '1.5' is not a number of interactions, such as 877.",
            "Line 2, column 7 (Answer): '-3' is not a number of interactions, such as 877.",
            "Line 2, column 8 (Avg Handle): 'later' is not a duration: use h:mm:ss (0:00:51.181) or a number (51181) in the unit of the header, or in milliseconds if it has none.",
            "Line 2, column 9 (Service Level %): 'high' is not a ratio: use 47.59%, 47.59 or 0.4759.",
            "Line 3, column 10: '1' has no header: the line has 10 fields, but the header has 9. Quote a field that contains the delimiter.",
            "Line 3, column 2 (Interval End): '2026-11-15T00:00' is not after the start '2026-11-16T00:00': use a later time.",
            "Line 4, column 2 (Interval End): '2026-11-15T00:00' is an end without a start: each row needs 'Interval Start' and 'Interval End', or neither.",
            "Line 4, column 6 (Offer): '12345678901234567890123' is too large: use at most 9007199254740991.",
        ]);
    }

    /// <summary>An export cannot contain figures of an interval that has not started. A row without figures can be there because the exported period is not over.</summary>
    [Fact]
    public void A_row_that_starts_in_the_future_has_no_figures()
    {
        var now = Instant.FromUtc(2026, 11, 17, 9, 15);
        var settings = new ExportSettings(DateTimeZone.Utc, null) { Now = now };

        Read($"{Header}\n2026-11-17T00:00,2026-11-18T00:00,,,A,5,,,\n2026-11-18T00:00,2026-11-19T00:00,,,A,0,,,0%\n", settings).ShouldSatisfyAllConditions(
            export => export.Rows.ShouldHaveSingleItem().Line.ShouldBe(2),
            export => export.NotCompared.ShouldBe([new RowNotCompared(3, "A", "it starts in the future")]));
        Should.Throw<UnreadableExportException>(() => Read($"{Header}\n2026-11-18T00:00,2026-11-19T00:00,,,A,0,1,,\n", settings)).Faults.ShouldBe(
            ["Line 2, column 1 (Interval Start): '2026-11-18T00:00' is in the future, although the row has figures: use a start before the current time (2026-11-17T09:15:00Z), and check timeZone."]);
    }

    [Fact]
    public void A_row_that_starts_after_exportedAt_has_no_figures()
    {
        var settings = new ExportSettings(DateTimeZone.Utc, null) { ExportedAt = Instant.FromUtc(2026, 11, 17, 9, 15) };
        const string Rows = $"{Header}\n2026-11-17T00:00,2026-11-18T00:00,,,A,5,,,\n2026-11-18T00:00,2026-11-19T00:00,,,A,0,,,\n";

        Read(Rows, settings).ShouldSatisfyAllConditions(
            export => export.Rows.ShouldHaveSingleItem().Line.ShouldBe(2),
            export => export.NotCompared.ShouldBe([new RowNotCompared(3, "A", "it starts after exportedAt and has no figures")]));
        Should.Throw<UnreadableExportException>(() => Read($"{Rows}2026-11-20T00:00,2026-11-21T00:00,,,A,1,,,\n2026-11-19T00:00,2026-11-20T00:00,,,A,1,,,\n", settings)).ShouldSatisfyAllConditions(
            unreadable => unreadable.Parameter.ShouldBe("exportedAt"),
            unreadable => unreadable.Faults.ShouldBe(
                ["2026-11-17T09:15:00Z is before the data of the file: the interval of line 4 starts at 2026-11-20T00:00:00Z and has figures. exportedAt must be later than 2026-11-20T00:00:00Z."]));
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("a,b\n1,2\n", "No header was found in the first 20 lines")]
    [InlineData("Queue Name,Offer\n\"A,1\n", "Line 2, column 1: the quote before 'A,1\uFFFD' is not closed before the file ends. Close it with a second quote.")]
    [InlineData("Queue Name,Offer\n\"A\"x,1\n", "Line 2, column 1: 'x' follows a closing quote.")]
    public void A_file_that_is_not_an_export_is_rejected(string text, string expected) => FaultsOf(text).ShouldHaveSingleItem().ShouldStartWith(expected);

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_reported_with_their_line() =>
        Should.Throw<UnreadableExportException>(() => ExportReader.Read([.. "Queue Name\n"u8, 0xE9], new(DateTimeZone.Utc, null))).Faults.ShouldBe(["Line 2: the file is not UTF-8. Save it as CSV UTF-8."]);

    [Fact]
    public void A_truncated_line_is_not_compared()
    {
        var export = Read($"{Header}\n2026-11-16T00:00,2026-11-17T00:00,voice,,Billing,5\n");

        export.Rows.ShouldBeEmpty();
        export.NotCompared.ShouldHaveSingleItem().ShouldBe(new RowNotCompared(2, "Billing", "it has 6 fields, but the header has 9"));
    }

    [Fact]
    public void A_header_without_rows_is_rejected() => FaultsOf($"{Header}\n").ShouldHaveSingleItem().ShouldStartWith("The file has a header but no rows");

    private static PerformanceExport Read(string text, ExportSettings? settings = null) => ExportReader.Read(Encoding.UTF8.GetBytes(text), settings ?? new(Berlin, null));

    private static IReadOnlyList<string> FaultsOf(string text, Interval? interval = null) =>
        Should.Throw<UnreadableExportException>(() => ExportReader.Read(Encoding.UTF8.GetBytes(text), new(Berlin, interval))).Faults;
}
