using System.Text.Json;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using GenesysSimulator.World.WrapUps;

namespace GenesysSimulator.Directory;

/// <summary>Serves GET /api/v2/routing/wrapupcodes. Neither deleted codes nor Genesys' own codes are listed.</summary>
internal sealed class WrapUpCodesEndpoint(SimulatedWorld world)
{
    public const string Path = "/api/v2/routing/wrapupcodes";

    public Reply List(HttpRequest request, bool repeatsFirstPage)
    {
        var byId = "id".Equals(Listing.OneOf(request, "sortBy", "name", "id"), StringComparison.OrdinalIgnoreCase);
        var listing = Listing.From(request, "id", "divisionId", "name", "sortBy") with { RepeatsFirstPage = repeatsFirstPage };
        var name = request.Query["name"] is [{ } pattern] ? pattern : null;
        string[] ids = [.. request.Query["id"].OfType<string>()];
        string[] divisions = [.. request.Query["divisionId"].OfType<string>().Where(id => id != "*")];
        var found = world.WrapUpCodes
            .Where(code => code.State == WrapUpCodeState.Listed && Listing.Matches(code.Name, name)
                && Listing.Contains(ids, code.Id) && Listing.Contains(divisions, code.Division.Id.ToString()))
            .OrderBy(code => byId ? code.Id : code.Name, StringComparer.OrdinalIgnoreCase).ThenBy(code => code.Id, StringComparer.Ordinal);
        return listing.Of(found, Write);
    }

    private void Write(Utf8JsonWriter writer, SimulatedWrapUpCode code)
    {
        writer.WriteStartObject();
        writer.WriteString("id", code.Id);
        writer.WriteString("name", code.Name);
        writer.WriteDivision(code.Division);
        writer.WriteString("description", "");
        writer.WriteString("dateCreated", "2019-01-07T09:00:00.000Z");
        writer.WriteString("createdBy", world.Agents[0].Id);
        writer.WriteString("selfUri", $"{Path}/{code.Id}");
        writer.WriteEndObject();
    }
}
