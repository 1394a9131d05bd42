namespace GenesysSimulator.Wire;

/// <summary>The rejection of a request. The pipeline converts the exception into an error reply.</summary>
internal sealed class ApiException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static ApiException BadRequest(string message) => new(400, "bad.request", message);

    public static ApiException InvalidValue(string value, string field, IEnumerable<string> allowed) =>
        new(400, "invalid.value", $"Value [{value}] is not valid for field type [{field}]. Allowable values are: {string.Join(", ", allowed)}");

    public static ApiException UnknownProperty(string name, string type) =>
        new(400, "invalid.property", $"Value [{name}] is not a valid property for object [{type}]");

    public static ApiException ResultTooLarge(int limit) =>
        BadRequest($"Result set is larger than result limit of {limit} results. Please narrow the interval or the filter of the query.");

    public static ApiException NotFound() => new(404, "not.found", "The requested resource was not found.");
}
