using System.Text.Json;
using GenesysAnalyticsApi.Doctor;

namespace GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;

/// <summary>A report of the doctor, as a caller reads it.</summary>
internal sealed class DoctorReport(JsonElement response)
{
    public bool Healthy => response.GetProperty("healthy").GetBoolean();

    public string ExaminedAt => response.GetProperty("examinedAt").GetString()!;

    public int Calls => response.GetProperty("calls").GetInt32();

    public IReadOnlyList<string> Names => [.. response.GetProperty("examinations").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    public (string Condition, string Finding, string? Remedy) this[string name] =>
        (Text(name, "condition")!, Text(name, "finding")!, Text(name, "remedy"));

    public string? Detail(string name, string detail) => Find(name).GetProperty("details").GetProperty(detail).GetString();

    /// <summary>All checks that are neither ok nor skipped.</summary>
    public IEnumerable<string> Unhealthy => Names.Where(name => this[name].Condition is "warning" or "failed");

    public static async Task<DoctorReport> OfAsync(HttpClient client) => Of(await client.GetStringAsync(new Uri(DoctorEndpoint.Path, UriKind.Relative), TestContext.Current.CancellationToken));

    public static DoctorReport Of(string text) => new(JsonSerializer.Deserialize<JsonElement>(text));

    public override string ToString() => response.GetRawText();

    private string? Text(string name, string field) => Find(name).GetProperty(field).GetString();

    private JsonElement Find(string name) => response.GetProperty("examinations").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
}
