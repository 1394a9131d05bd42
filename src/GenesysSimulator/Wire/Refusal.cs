namespace GenesysSimulator.Wire;

/// <summary>The request gets an error body and nothing else. Thrown where the fault is found, answered in one place.</summary>
internal sealed class Refusal(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static Refusal BadRequest(string message) => new(400, "bad.request", message);

    public static Refusal InvalidValue(string value, string type, IEnumerable<string> allowed) =>
        new(400, "invalid.value", $"Value [{value}] is not valid for field type [{type}]. Allowable values are: {string.Join(", ", allowed)}");

    public static Refusal UnknownProperty(string name, string type) =>
        new(400, "invalid.property", $"Value [{name}] is not a valid property for object [{type}]");

    public static Refusal TooLarge(int limit) =>
        BadRequest($"Result set is larger than result limit of {limit} results. Please narrow the interval or the filter of the query.");

    public static Refusal NotFound() => new(404, "not.found", "The requested resource was not found.");
}
