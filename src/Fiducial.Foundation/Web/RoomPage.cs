using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Fiducial.Foundation.Web;

/// <summary>
/// The base of every page of a room: it is rendered once, when what it shows has been read. A plain component is rendered a first time
/// while the database is still being asked, which a page that shows an exam cannot be. The parts of a page read one after the other: they
/// share the one connection of the request.
/// </summary>
public abstract class RoomPage : IComponent
{
    private RenderHandle _handle;

    [Inject]
    private OneReader Reader { get; set; } = null!;

    public void Attach(RenderHandle renderHandle) => _handle = renderHandle;

    public async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Reader.Turn.WaitAsync();
        try
        {
            await OnInitializedAsync();
        }
        finally
        {
            Reader.Turn.Release();
        }
        _handle.Render(BuildRenderTree);
    }

    /// <summary>Reads what the page shows; parameters are set.</summary>
    protected virtual Task OnInitializedAsync() => Task.CompletedTask;

    protected virtual void BuildRenderTree(RenderTreeBuilder builder) { }
}
