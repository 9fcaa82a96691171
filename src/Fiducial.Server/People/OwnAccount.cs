using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.People;

/// <summary>The account of whoever is signed in.</summary>
internal sealed class OwnAccount(UserManager<Person> people, LockOut lockOut)
{
    /// <exception cref="InvalidOperationException">The person is gone; the session ends with the next request.</exception>
    public async Task<Person> FindAsync(HttpContext http) =>
        await people.FindByNameAsync(http.Actor().Id)
        ?? throw new InvalidOperationException("The person of this session is not known any more.");

    /// <summary>The person, who has typed the password once more: an unattended screen changes nothing. Null when it is wrong.</summary>
    public async Task<Person?> ConfirmedAsync(HttpContext http, IFormCollection form)
    {
        var me = await FindAsync(http);
        if (!await lockOut.BeginAsync(me) || !IsTheirs(me, form["password"].ToString()))
        {
            return null;
        }
        await lockOut.ForgetAsync(me);
        return me;
    }

    // Looked at, and left as it is: a stored password that is stretched anew, as the sign-in does it, ends every session of
    // its person, and so the one in which it was typed.
    private bool IsTheirs(Person me, string password) =>
        people.PasswordHasher.VerifyHashedPassword(me, me.PasswordHash ?? "", password)
            is not PasswordVerificationResult.Failed;
}
