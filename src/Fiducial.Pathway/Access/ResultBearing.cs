using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fiducial.Pathway.Access;

/// <summary>
/// Leave to open what says something of the result of one exam (class C4), made by <see cref="AccessPolicy.GrantAsync"/> for one actor
/// and by nobody else.
/// </summary>
public sealed class ResultGrant
{
    internal ResultGrant(Guid examId) => ExamId = examId;

    public Guid ExamId { get; }
}

/// <summary>
/// A value that says something of a result: the state of alert, duty, delivery or follow-up, a version, a date of signature (pathway 6.2,
/// C4). It opens with a grant for its exam; printed it says nothing, and whoever serialises it unopened gets an exception and
/// sends nothing.
/// </summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed class ResultBearing<T>(Guid examId, T value) : IResultBearing
{
    /// <exception cref="UnauthorizedAccessException">The grant is for another exam.</exception>
    public T Open(ResultGrant grant) =>
        grant.ExamId == examId
            ? value
            : throw new UnauthorizedAccessException("The grant is for another exam than that of the value.");

    public override string ToString() => "(result)";
}

/// <summary>What says something of a result and is never serialised as it is: a row of the database, or a closed value.</summary>
public interface IResultBearing;

/// <summary>Refuses. The exception names the type and never the value.</summary>
public sealed class ResultBearingConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeof(IResultBearing).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Refusal<>).MakeGenericType(typeToConvert))!;

    private sealed class Refusal<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw Never();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw Never();

        private static NotSupportedException Never() =>
            new(
                $"{typeof(T).Name} says something of a result (C4) and is not serialised: open it with a grant, and send the fields that this role may see."
            );
    }
}
