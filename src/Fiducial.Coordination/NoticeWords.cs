using Fiducial.Pathway.Exams;

namespace Fiducial.Coordination;

/// <summary>
/// What a notice asks of whom it is for. The sentences speak of who, when and where (C0) and are the same whatever the images show: what
/// only some results cause (a correction, a follow-up, a call) is said in the words of what every result may cause.
/// </summary>
public static class NoticeWords
{
    private const string ElectionChanged = "The patient has changed how the result is to be told.";

    public static string Of(string kind, ExamRecord exam) =>
        kind switch
        {
            "vetting" => "A referral waits to be protocolled.",
            "answer" => "A question about the referral is not answered.",
            "appointment" => "The exam is in two days.",
            "order cancelled" => "The order was cancelled.",
            "no-show" or "second no-show" => "The patient did not come.",
            "temporary identity" => "A patient still has a temporary identity: find out who it is.",
            "promise target" => "The promise of one business day is past.",
            "promise limit" or "late" => "The promise of two business days is past.",
            "exam stopped" => "The exam was stopped before its end.",
            "recall" => "The patient is to come again: more pictures are needed. Book a time.",
            "quarantine" or "unmatched but urgent" or "unmatched unread" =>
                "Images wait for an answer: whose are they?",
            "identity dispute" or "frozen case" => "Find out whose exam this is: identifiers, order, images.",
            "images missing" or "images still missing" => "Images of the exam have not arrived: send them again.",
            "integrity" => "A stored image differs from its receipt: restore it from the second copy.",
            "late images" => "Images arrived late.",
            "unread 4 h" or "unread 1 bd" or "unread 2 bd" => "An exam waits to be read.",
            "final report" or "addendum" => "A report that was begun is not finished.",
            "corrected" or "withdrawn" => "A report that you have read was changed: open it again.",
            "withdrawal told" => "Make sure that everyone who read the withdrawn report knows.",
            "delivery failed" or "deliver by phone" =>
                $"The way to {Doctor(exam)} fails: reach the practice another way.",
            "breach" => "Something went to the wrong place.",
            "reminder 1" or "reminder 2" => "A result waits to be read.",
            "telephone" or "follow-up long overdue" =>
                $"Telephone the practice of {Doctor(exam)}: something waits there.",
            "director" => $"{Doctor(exam)} has not answered.",
            "plan" => "A result that was read waits for your plan.",
            "dispute" => $"{Doctor(exam)} may not be the right doctor: find out with the practice whose patient it is.",
            "discussion" => "The talk with the patient is due.",
            "request triage" or "request due" or "request unsigned" => "A request for records waits for its decision.",
            "decision" => "Your request for records was decided.",
            "first call" or "next call" => "A call is due.",
            "nobody reached" => "The chain of calls is exhausted.",
            "look now" or "look now, director" => "A technologist asks for a look before the patient leaves.",
            "election changed" => ElectionChanged,
            "recommendation" => "A recommendation waits for your answer.",
            "follow-up overdue" => "A follow-up is overdue.",
            "glass broken" => "A doctor opened this exam in an emergency.",
            "glass review" => "Review why a doctor opened this exam in an emergency.",
            "glass review late" => "Why a doctor opened this exam in an emergency was not reviewed in time.",
            "glass for the director" => "The privacy officer asks you to judge an emergency access to this exam.",
            "glass not justified" =>
                "A doctor opened this exam in an emergency; the review found that it was not justified.",
            "merge" => "A merge of two records is not finished.",
            "moved content" => "A merge gave a doctor content to which no relation led.",
            _ => "Look at this exam.",
        };

    private static string Doctor(ExamRecord exam) =>
        exam.ResponsibleDoctorName.Length > 0 ? exam.ResponsibleDoctorName : "the doctor";
}
