#include "desk/pages.h"
void queue_show(struct view *view)
{
    view_begin(view, TEXT_NEXT_TO_LABEL, text_of("x"));
    view_end(view);
}
void models_show(struct view *view)
{
    view_begin(view, TEXT_RETRAIN, text_of("x"));
    view_end(view);
}
void models_change(struct view *view)
{
    view_begin(view, TEXT_RETRAIN, text_of("x"));
    view_end(view);
}
void topics_show(struct view *view)
{
    view_begin(view, TEXT_TOPICS, text_of("x"));
    view_end(view);
}
void topics_change(struct view *view)
{
    view_begin(view, TEXT_TOPICS, text_of("x"));
    view_end(view);
}
void figures_show(struct view *view)
{
    view_begin(view, TEXT_FIGURES, text_of("x"));
    view_end(view);
}
