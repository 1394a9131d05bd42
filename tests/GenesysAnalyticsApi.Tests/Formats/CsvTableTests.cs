using CsCheck;
using CsvHelper;
using GenesysAnalyticsApi.Formats;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Tests.Formats;

public sealed class CsvTableTests
{
    private static readonly Gen<string> Texts =
        Gen.Select(Gen.Char["=@+-\t\r\n\"', aé€9"].Array[0, 4], Gen.String[0, 6], (start, rest) => new string(start) + rest);

    [Fact]
    public void The_guard_against_formulas_writes_the_same_as_the_guard_of_the_library() => Texts.Sample(text =>
    {
        var expected = Written(CsvInjection.Escape, csv => csv.WriteField(DisplayText.Of(text)));

        Written(CsvInjection.None, csv => CsvTable.WriteText(csv, text)).ShouldBe(expected);
    });

    private static byte[] Written(CsvInjection injection, Action<CsvWriter> write)
    {
        using var target = new MemoryStream();
        using (var csv = CsvWriter.Create(target, new CsvWriterOptions { NewLine = "\r\n", Injection = injection }, leaveOpen: true))
        {
            write(csv);
            csv.EndRecord();
        }

        return target.ToArray();
    }
}
