#include "desk/api.h"
bool api_answers(const struct request *request)
{
    (void)request;
    return false;
}
void api_answer(struct desk *desk, const struct request *request, struct answer *answer)
{
    (void)desk, (void)request, (void)answer;
}
