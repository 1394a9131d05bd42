using System.Text.Json;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>/simulator/faults: PUT sets them, GET shows what is left, DELETE clears.</summary>
internal sealed class FaultsEndpoint(SimulatorFaults faults)
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public Answer Answer(string method, ReadOnlyMemory<byte> body)
    {
        switch (method)
        {
            case "PUT":
                Set(body);
                break;
            case "DELETE":
                faults.Clear();
                break;
            case "GET":
                break;
            default:
                throw new Refusal(405, "method.not.allowed", "Use GET, PUT or DELETE.");
        }

        return GenesysSimulator.Wire.Answer.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("faults");
            JsonSerializer.Serialize(writer, faults.Active, Wire);
            writer.WriteEndObject();
        });
    }

    private void Set(ReadOnlyMemory<byte> body)
    {
        try
        {
            faults.Set(JsonSerializer.Deserialize<FaultList>(body.Span, Wire)?.Faults ?? []);
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException)
        {
            throw Refusal.BadRequest(wrong.Message);
        }
    }

    private sealed record FaultList(IReadOnlyList<SimulatorFault> Faults);
}
