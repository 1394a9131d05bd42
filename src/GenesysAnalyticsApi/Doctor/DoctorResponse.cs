using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>What the doctor has found.</summary>
/// <param name="Healthy" example="true">Nothing failed; there may be warnings.</param>
/// <param name="ExaminedAt" example="2026-11-23T09:15:20Z">When the visit began. Another one within ten seconds gets the same answer.</param>
/// <param name="Calls" example="3">Requests to the API of Genesys that the visit took.</param>
/// <param name="Examinations">What was looked at, in the order in which it depends on each other.</param>
internal sealed record DoctorResponse(bool Healthy, DateTime ExaminedAt, int Calls, IReadOnlyList<DiagnosticResult> Examinations)
{
    public static DoctorResponse Of(DateTimeOffset examinedAt, int calls, IEnumerable<DiagnosticResult> examinations)
    {
        var all = examinations.ToList();
        return new(all.TrueForAll(one => one.Condition != CheckStatus.Failed), examinedAt.UtcDateTime, calls, all);
    }
}

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Name" example="aggregates-permission">What was looked at; docs/doctor.md has all of them.</param>
/// <param name="Condition">How it is. <c>skipped</c>: not looked at, and the finding says why.</param>
/// <param name="Finding" example="Genesys answers questions for figures: analytics:conversationAggregate:view is there.">One sentence, with the figures.</param>
/// <param name="Remedy">What to change, and where; null where nothing has to be.</param>
/// <param name="Details">More of what was found, where there is more.</param>
internal sealed record DiagnosticResult(
    string Name,
    CheckStatus Condition,
    string Finding,
    string? Remedy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Details);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(DoctorResponse))]
internal sealed partial class DoctorJson : JsonSerializerContext;

/// <summary>Leaves apostrophes and dashes unescaped: people read the response, and it is never part of an HTML page.</summary>
internal static class ReadableDoctorJson
{
    private static readonly DoctorJson Context = new(new JsonSerializerOptions(DoctorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static JsonTypeInfo<DoctorResponse> Answer => Context.DoctorResponse;
}
