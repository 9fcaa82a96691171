using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fiducial.Server.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class OfficeDrafts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "office_drafts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    DoctorId = table.Column<string>(type: "TEXT", nullable: false),
                    ExamId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Form = table.Column<string>(type: "TEXT", nullable: false),
                    Sections = table.Column<string>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    SavedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_office_drafts", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_office_drafts_ExamId_DoctorId_Form",
                table: "office_drafts",
                columns: new[] { "ExamId", "DoctorId", "Form" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "office_drafts");
        }
    }
}
