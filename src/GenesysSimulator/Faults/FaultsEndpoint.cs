using System.Text.Json;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>Serves /simulator/faults: PUT sets the faults, GET lists the remaining faults, and DELETE clears all faults.</summary>
internal sealed class FaultsEndpoint(ActiveFaults faults)
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public Reply Handle(string method, ReadOnlyMemory<byte> body)
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
                throw new ApiException(405, "method.not.allowed", "Use GET, PUT or DELETE.");
        }

        return Reply.OfJson(writer =>
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
        catch (Exception invalid) when (invalid is JsonException or ArgumentException)
        {
            throw ApiException.BadRequest(invalid.Message);
        }
    }

    private sealed record FaultList(IReadOnlyList<SimulatorFault> Faults);
}
