#include "report/html/skeletons.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace flowship::report {
namespace {

constexpr std::string_view kFile =
    "<!-- list -->\n<ul>\n{{items}}</ul>\n\n<!-- item -->\n<li>{{text}}</li>\n\n<!-- word -->\n<b>{{text}}</b>\n";

TEST(Skeletons, EscapesTextsAndKeepsMarkup) {
  const Skeletons skeletons(kFile);
  const Markup word = skeletons.fill("word", {{"text", "<a> & \"b\" {{text}}"}});
  EXPECT_EQ(word.str(), "<b>&lt;a&gt; &amp; &quot;b&quot; {{text}}</b>");
  EXPECT_EQ(skeletons.fill("word", {{"text", word}}).str(), "<b>" + word.str() + "</b>");
  EXPECT_EQ(skeletons.fill("word", {{"text", Markup::verbatim("<i>") + "<i>"}}).str(), "<b><i>&lt;i&gt;</b>");
}

TEST(Skeletons, ABlankLineKeepsTheNewline) {
  const Skeletons skeletons(kFile);
  const Markup items = skeletons.fill("item", {{"text", "1"}}) + skeletons.fill("item", {{"text", "2"}});
  EXPECT_EQ(skeletons.fill("list", {{"items", items}}).str(), "<ul>\n<li>1</li>\n<li>2</li>\n</ul>\n");
}

TEST(Markup, ShowsWordsInBackticksAsCode) {
  EXPECT_EQ(markup_words("`<a>` and `b`, 1 ` left").str(), "<code>&lt;a&gt;</code> and <code>b</code>, 1 ` left");
  EXPECT_EQ(markup_words("<b>").str(), "&lt;b&gt;");
}

TEST(Skeletons, RejectsUnknownNames) {
  const Skeletons skeletons(kFile);
  EXPECT_THROW(skeletons.fill("table"), std::logic_error);
  EXPECT_THROW(skeletons.fill("item", {{"texts", "1"}}), std::logic_error);
}

}  // namespace
}  // namespace flowship::report
