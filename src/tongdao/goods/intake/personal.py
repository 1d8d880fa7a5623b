from tongdao.foundation.personal import holds
from tongdao.goods.intake.models import ImportRun

holds(ImportRun, "kept", person="staff_id", shows=("file_name", "created_at"))
