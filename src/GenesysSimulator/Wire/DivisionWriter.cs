using System.Text.Json;
using GenesysSimulator.World;

namespace GenesysSimulator.Wire;

internal static class DivisionWriter
{
    public static void WriteDivision(this Utf8JsonWriter writer, SimulatedDivision division)
    {
        writer.WriteStartObject("division");
        writer.WriteString("id", division.Id);
        writer.WriteString("name", division.Name);
        writer.WriteString("selfUri", $"/api/v2/authorization/divisions/{division.Id}");
        writer.WriteEndObject();
    }
}
