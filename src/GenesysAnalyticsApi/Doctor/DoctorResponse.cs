using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GenesysAnalyticsApi.Doctor.Diagnostics;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>The result of a run of the doctor.</summary>
/// <param name="Healthy" example="true">Whether no check failed. Checks can still have warnings.</param>
/// <param name="ExaminedAt" example="2026-11-23T09:15:20Z">When the run started. Requests during the run, and up to ten seconds after its end, receive the same result.</param>
/// <param name="Calls" example="3">The number of requests that the run sent to the Genesys API.</param>
/// <param name="Examinations">The checks, in the order of their dependencies.</param>
internal sealed record DoctorResponse(bool Healthy, DateTime ExaminedAt, int Calls, IReadOnlyList<DiagnosticResult> Examinations)
{
    public static DoctorResponse Of(DateTimeOffset examinedAt, int calls, IEnumerable<DiagnosticResult> examinations)
    {
        var all = examinations.ToList();
        return new(all.TrueForAll(result => result.Condition != CheckStatus.Failed), examinedAt.UtcDateTime, calls, all);
    }
}

/// <summary>The result of one check.</summary>
/// <param name="Name" example="aggregates-permission">The name of the check; docs/doctor.md lists all of them.</param>
/// <param name="Condition">The result; for <c>skipped</c>, the finding says why nothing was checked.</param>
/// <param name="Finding" example="Genesys accepts the request for figures, and its reply can be parsed: 'analytics:conversationAggregate:view' is granted.">What the check found.</param>
/// <param name="Remedy">What to change, and where; null if nothing has to be changed.</param>
/// <param name="Details">More details, if there are any.</param>
internal sealed record DiagnosticResult(
    string Name,
    CheckStatus Condition,
    string Finding,
    string? Remedy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Details);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(DoctorResponse))]
internal sealed partial class DoctorJson : JsonSerializerContext;

/// <summary>Writes apostrophes and dashes unescaped, because people read the JSON, and because the JSON is never embedded in HTML.</summary>
internal static class ReadableDoctorJson
{
    private static readonly DoctorJson Context = new(new JsonSerializerOptions(DoctorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static JsonTypeInfo<DoctorResponse> Response => Context.DoctorResponse;
}
