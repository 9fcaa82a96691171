namespace Fiducial.Server.Demonstration.Drawing;

/// <summary>Quantum noise, the same for the same seed: fast enough for millions of pixels.</summary>
internal struct Noise(uint seed)
{
    private uint _state = seed * 2654435761u + 12345u;

    /// <summary>About normal, mean 0, standard deviation 1: the sum of four even numbers, scaled.</summary>
    public double Next() => (Even() + Even() + Even() + Even() - 2) * 1.7320508;

    private double Even()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state * (1.0 / uint.MaxValue);
    }
}
