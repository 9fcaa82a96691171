using Microsoft.EntityFrameworkCore;

namespace Fiducial.Foundation.Storage;

/// <summary>The tables of one room. Each room adds its own part; no room maps another room's tables.</summary>
public interface IModelPart
{
    void Configure(ModelBuilder model);
}
